"""The frozen values that cross from one room to another."""
