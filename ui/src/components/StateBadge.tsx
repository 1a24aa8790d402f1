import { Badge } from "@mantine/core";

/** What a state means to who looks. */
export type Mood = "good" | "warning" | "bad" | "quiet";

const colors: Record<Mood, string> = { good: "teal", warning: "orange", bad: "red", quiet: "gray" };

export function StateBadge({ mood, children }: { mood: Mood; children: string | number }) {
  return (
    <Badge
      color={colors[mood]}
      variant="light"
      size="sm"
      radius="sm"
      style={{ textTransform: "none", flex: "none", minWidth: "max-content" }}
    >
      {children}
    </Badge>
  );
}
