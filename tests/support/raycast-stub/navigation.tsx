import { useEffect, useState, type ReactElement, type ReactNode } from "react";
import { raycast } from "./recorder.ts";

/** Shows the view on top of the stack, as Raycast's window does. */
export function Navigation({ root }: { root: ReactNode }): ReactNode {
  const [stack, setStack] = useState<ReactNode[]>([]);
  useEffect(() => {
    raycast.push = (view) => setStack((views) => [...views, view]);
    raycast.pop = () => setStack((views) => views.slice(0, -1));
  }, []);
  return stack.at(-1) ?? root;
}

export function useNavigation(): { push(view: ReactElement): void; pop(): void } {
  return {
    push(view) {
      const { type } = view;
      raycast.pushes.push(typeof type === "string" ? type : type.name);
      raycast.push?.(view);
    },
    pop: () => raycast.pop?.(),
  };
}
