import { usePromise } from "@raycast/utils";
import { useRef, useState } from "react";
import { readFailureList, type FailureList } from "../helper-calls/read-failure-list.ts";
import { problemOf, type Problem } from "../words/problem.ts";
import { useEvery } from "./use-overview.ts";

export type FailureListAnswer = { list: FailureList } | { problem: Problem };

interface LiveFailureList {
  /** Undefined until the first answer. */
  answer: FailureListAnswer | undefined;
  /** Rows asked for, of each kind. */
  most: number;
  askForMore: () => void;
  /** As many as there may be. */
  askForMost: () => void;
  retry: () => unknown;
}

const rowsAPage = 100;

/** More takes a command too much memory. */
export const rowsMost = 2_000;

/** A process must be started to ask, so less often than files are read, and only when something is known to have changed. */
const askEveryMs = 5_000;

/** @param changes another text when there may be other photos or conflicts to show */
export function useFailureList(changes: string): LiveFailureList {
  const [most, setMost] = useState(rowsAPage);
  const latest = useRef(changes);
  latest.current = changes;
  const [seen, setSeen] = useState(changes);
  useEvery(askEveryMs, useRef(() => setSeen(latest.current)).current);
  const { data, revalidate } = usePromise(
    ({ most: wanted }: { most: number; seen: string }): Promise<FailureListAnswer> =>
      readFailureList(wanted).then(
        (list) => ({ list }),
        (error: unknown) => ({ problem: problemOf(error) }),
      ),
    // Asked anew when either is another.
    [{ most, seen }],
  );
  const askForMore = () => setMost((before) => Math.min(rowsMost, before + rowsAPage));
  const askForMost = () => setMost(rowsMost);
  return { answer: data, most, askForMore, askForMost, retry: revalidate };
}
