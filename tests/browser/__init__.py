"""Those who read our pictures; a package, so that the browser ends with its tests."""
