import { generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";

export interface Certificate {
  key: string;
  cert: string;
}

interface CertificateOptions {
  /** What it was made out to. */
  hostName?: string;
  /** An IPv4 address it holds for, too. */
  address?: string;
  notBefore?: Date;
  notAfter?: Date;
}

const dayMs = 24 * 60 * 60_000;

/** A self-signed certificate of its own, made on the spot: none in the repository can run out, and no tool is needed. */
export function makeCertificate(options: CertificateOptions = {}): Certificate {
  const { hostName = "localhost", address, notBefore = new Date(Date.now() - dayMs) } = options;
  const { notAfter = new Date(Date.now() + dayMs) } = options;
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const ecdsaWithSha256 = sequence(hex("06082a8648ce3d040302"));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const name = nameOf(hostName);
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    ecdsaWithSha256,
    name,
    sequence(timeOf(notBefore), timeOf(notAfter)),
    name,
    keyInfo,
    tagged(0xa3, sequence(...extensionsOf(hostName, address))),
  );
  const signature = sign("sha256", body, privateKey);
  const der = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    cert: new X509Certificate(der).toString(),
  };
}

function extensionsOf(hostName: string, address: string | undefined): Buffer[] {
  const names = [tagged(0x82, Buffer.from(hostName))];
  if (address) names.push(tagged(0x87, Buffer.from(address.split(".").map(Number))));
  const isAuthority = sequence(hex("0603551d13"), tagged(0x04, sequence(hex("0101ff"))));
  return [isAuthority, sequence(hex("0603551d11"), tagged(0x04, sequence(...names)))];
}

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(hex("0603550403"), tagged(0x0c, Buffer.from(commonName)))));
}

/** With two digits of the year, as certificates have it until 2049. */
function timeOf(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x17, Buffer.from(digits.slice(2)));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}

/** One value of DER: its tag, its length, itself. */
function tagged(tag: number, value: Buffer): Buffer {
  const size = value.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}
