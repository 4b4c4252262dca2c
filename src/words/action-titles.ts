/**
 * Titles of actions and toasts with a verb's particle in them. "Back Up" is one verb, so both of its words are
 * capitalized; the lint rule takes "up", "on" and "off" for prepositions when it sees them in JSX.
 */
export const actionTitles = {
  backUp: "Back Up",
  backUpNow: "Back Up Now",
  backUpAnyway: "Back Up Anyway",
  backUpFolder: "Back Up Folder",
  backUpAnotherFolder: "Back Up Another Folder",
  agreeInBackUpFolder: "Agree in Back Up Folder",
  turnOn: "Turn Background Backup On",
  turnOff: "Turn Background Backup Off",
} as const;
