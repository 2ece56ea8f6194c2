"""Statistics on published claims of intercepted drones."""
