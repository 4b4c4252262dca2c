/**
 * Where Raycast keeps its Node, under `~/Library/Application Support`. The Beta has another layout that nobody has
 * written down, so every depth it could reasonably be at is looked at.
 */
export const raycastNodePatterns = [
  "com.raycast.macos/NodeJS/runtime/*/bin/node",
  "com.raycast-x.macos/*/bin/node",
  "com.raycast-x.macos/*/*/bin/node",
  "com.raycast-x.macos/*/*/*/bin/node",
];

/** Homebrew's, on Apple silicon and on Intel. */
export const homebrewNodes = ["/opt/homebrew/bin/node", "/usr/local/bin/node"];
