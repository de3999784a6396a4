"""The MCP tools: one thin function a tool."""
