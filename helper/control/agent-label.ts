/** The name under which launchd knows the background helper. */
export const agentLabel = "com.photolala.backup.helper";
