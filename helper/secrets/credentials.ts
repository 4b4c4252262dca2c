/** What signs a request. A session token comes with keys that end by themselves. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}
