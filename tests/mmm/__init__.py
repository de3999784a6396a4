"""The exports for marketing mix models, fed to Meridian's and Robyn's own checks of their input."""
