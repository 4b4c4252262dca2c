import type { Destination } from "../../helper/state/files/destination.ts";

/** The service, as a person calls it: "AWS", or the endpoint's host with its port. */
export function serviceName(endpoint: string | undefined): string {
  if (!endpoint) return "AWS";
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

/** 'family-photos at AWS, region us-east-1, under photos/'. */
export function placeWords({ bucket, region, endpoint, prefix }: Destination): string {
  const under = prefix ? `under ${prefix}/` : "at the top of the bucket";
  return `${bucket} at ${serviceName(endpoint)}, region ${region}, ${under}`;
}
