/**
 * Counts bodies of PutObject and UploadPart in flight: from the arrival of the headers until the answer is about to be
 * sent or the connection is gone. A stalled body is in flight until the client gives it up.
 */
export class BodiesInFlight {
  /** The most that ever were in flight at once. */
  max = 0;
  current = 0;

  /** Returns a function that ends this body; calling it again does nothing. */
  begin(): () => void {
    this.current++;
    this.max = Math.max(this.max, this.current);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.current--;
    };
  }
}
