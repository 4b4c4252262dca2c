import type { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";

/** The store's own time when it answered, in milliseconds since 1970, once it has; undefined where it does not say. */
export function dateOfAnswer(command: ListMultipartUploadsCommand): () => number | undefined {
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as { headers?: Record<string, string> }).headers?.date;
      return result;
    },
    { step: "deserialize", name: "dateOfAnswer", priority: "high" },
  );
  return () => {
    const milliseconds = Date.parse(date ?? "");
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
  };
}
