export interface S3ErrorDetails {
  /** Further elements of the error document, such as Region. */
  elements?: Record<string, string>;
  headers?: Record<string, string>;
  /** Without its document. */
  isBare?: boolean;
}

/** An answer that is an S3 error: its status, code and words go to the client as S3 would send them. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: S3ErrorDetails;

  constructor(status: number, code: string, message: string, details: S3ErrorDetails = {}) {
    super(message);
    this.name = "S3Error";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}
