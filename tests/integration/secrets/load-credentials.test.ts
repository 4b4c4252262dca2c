import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadCredentials } from "../../../helper/secrets/load-credentials.ts";
import { removeCredentials } from "../../../helper/secrets/remove-credentials.ts";
import { saveCredentials } from "../../../helper/secrets/save-credentials.ts";
import { installFakeMacos, type FakeMacos } from "../../support/fake-macos/install-fake-macos.ts";

let fake: FakeMacos;
beforeEach(() => {
  fake = installFakeMacos();
});
afterEach(() => fake.close());

const key = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "wJalr+/secret" };
const fromEnv = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "env-secret" };

/** A Mac with a Keychain. */
const onMac = (env: Record<string, string> = {}) => ({ env: { ...fake.env, ...env }, platform: "linux" as const });
/** A computer without one. */
const elsewhere = (env: Record<string, string> = {}) => ({
  env: { PATH: "/nonexistent", ...env },
  platform: "linux" as const,
  homeDir: fake.home,
});

function writeAws(name: "credentials" | "config", text: string): void {
  mkdirSync(join(fake.home, ".aws"), { recursive: true });
  writeFileSync(join(fake.home, ".aws", name), text);
}

const profileText = (name: string, id: string) =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = s-${id}\n`;

describe("the access key", () => {
  it("comes from the Keychain first, whatever the environment says", async () => {
    await saveCredentials({ ...key, sessionToken: "token" }, onMac());
    const loaded = await loadCredentials(onMac(fromEnv));
    expect(loaded).toMatchObject({ source: "keychain", credentials: { ...key, sessionToken: "token" } });
  });

  it("is read again by refresh, which sees what changed", async () => {
    await saveCredentials(key, onMac());
    const { refresh } = await loadCredentials(onMac());
    await saveCredentials({ ...key, secretAccessKey: "new" }, onMac());
    expect((await refresh?.())?.credentials.secretAccessKey).toBe("new");
  });

  it("is not looked for elsewhere when the Keychain that holds it is locked", async () => {
    await saveCredentials(key, onMac());
    fake.set({ keychain: "locked" });
    await expect(loadCredentials(onMac(fromEnv))).rejects.toMatchObject({ code: "keychain-locked" });
  });

  it("comes from the environment where the Keychain holds none", async () => {
    const loaded = await loadCredentials(onMac({ ...fromEnv, AWS_SESSION_TOKEN: "t" }));
    expect(loaded.source).toBe("environment");
    expect(loaded.credentials).toEqual({ accessKeyId: "AKIAENV", secretAccessKey: "env-secret", sessionToken: "t" });
  });

  it.each([
    ["AWS_SECRET_ACCESS_KEY", { AWS_ACCESS_KEY_ID: "AKIAENV" }],
    ["AWS_ACCESS_KEY_ID", { AWS_SECRET_ACCESS_KEY: "env-secret" }],
  ])("is refused by halves: %s is missing", async (missing, env) => {
    await expect(loadCredentials(elsewhere(env))).rejects.toMatchObject({
      code: "credentials-missing",
      detail: `${missing} is not set`,
    });
  });

  it("comes from the default profile, or the one that AWS_PROFILE names", async () => {
    writeAws("credentials", profileText("default", "AKIADEFAULT") + profileText("work", "AKIAWORK"));
    const usual = await loadCredentials(elsewhere());
    expect(usual).toMatchObject({ source: "profile", credentials: { accessKeyId: "AKIADEFAULT" } });
    const work = await loadCredentials(elsewhere({ AWS_PROFILE: "work" }));
    expect(work.credentials).toEqual({ accessKeyId: "AKIAWORK", secretAccessKey: "s-AKIAWORK" });
    writeAws("credentials", profileText("work", "AKIALATER"));
    expect((await work.refresh?.())?.credentials.accessKeyId).toBe("AKIALATER");
  });

  it("is missing where nothing gives one, and where the profile that was asked for doesn't", async () => {
    await expect(loadCredentials(elsewhere())).rejects.toMatchObject({ code: "credentials-missing" });
    writeAws("credentials", profileText("other", "AKIAOTHER"));
    await expect(loadCredentials(elsewhere())).rejects.toMatchObject({ code: "credentials-missing" });
    await expect(loadCredentials(elsewhere({ AWS_PROFILE: "none" }))).rejects.toMatchObject({
      code: "credentials-missing",
      detail: 'the AWS profile "none" gives no access key',
    });
  });

  it.each(["Ec2InstanceMetadata", "EcsContainer"])(
    "is never asked of a metadata service, not even by a profile: %s",
    async (source) => {
      let asked = 0;
      const server = createServer((_request, response) => {
        asked += 1;
        response.end("{}");
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const role = "role_arn = arn:aws:iam::123456789012:role/x";
      writeAws(
        "config",
        `[default]\n${role}\nsource_profile = base\n[profile base]\n${role}\ncredential_source = ${source}\n`,
      );
      // The SDK itself would read these from the process's own environment.
      vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
      vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
      await expect(loadCredentials(elsewhere())).rejects.toMatchObject({ code: "credentials-missing" });
      vi.unstubAllEnvs();
      expect(asked).toBe(0);
      await new Promise((resolve) => server.close(resolve));
    },
  );
});

describe("keeping the access key", () => {
  it("says where the key is taken from when there is no Keychain", async () => {
    await expect(saveCredentials(key, elsewhere())).rejects.toMatchObject({ code: "keychain-missing" });
    await expect(removeCredentials(elsewhere())).rejects.toMatchObject({ code: "keychain-missing" });
  });

  it("removes it, once", async () => {
    await saveCredentials(key, onMac());
    expect(await removeCredentials(onMac())).toBe(true);
    expect(await removeCredentials(onMac())).toBe(false);
  });

  it("invariant 9: the secret is in no argument and in no plain file", async () => {
    await saveCredentials(key, onMac());
    await loadCredentials(onMac());
    expect(JSON.stringify(fake.calls())).not.toContain(key.secretAccessKey);
    expect(fake.keychainItem("s3-access-key")).not.toContain(key.secretAccessKey);
  });
});
