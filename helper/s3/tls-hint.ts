/** Node's codes for what is wrong with a certificate, or with the other side. */
const hints: [RegExp, string][] = [
  [/^CERT_HAS_EXPIRED$/, "its certificate has expired, or this computer's clock is ahead"],
  [/^CERT_NOT_YET_VALID$/, "its certificate is not valid yet, or this computer's clock is behind"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/, "its certificate is made out to another name"],
  [
    /^DEPTH_ZERO_|^SELF_SIGNED_|^UNABLE_TO_|^CERT_UNTRUSTED$/,
    "nobody whom this computer trusts vouches for its certificate",
  ],
];

/** In OpenSSL's words: what answered is no TLS at all. */
const noTls = /wrong version number|packet length too long|http request|unexpected (message|record)|unknown protocol/i;

/** What keeps a secure connection from being made; undefined where its code says all. */
export function tlsHint({ code = "", message = "" }: { code?: string; message?: string }): string | undefined {
  if (noTls.test(message) || /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) {
    return "what answers at this port speaks no https";
  }
  return hints.find(([pattern]) => pattern.test(code))?.[1];
}

/** Whether an error of Node is about TLS or a certificate. */
export function isTlsCode(code: string): boolean {
  return /^(EPROTO$|CERT_|CRL_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/.test(
    code,
  );
}
