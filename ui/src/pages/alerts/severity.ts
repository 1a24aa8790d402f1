import type { Mood } from "../../components/StateBadge";

/** The words that people put into the label severity, by how much they hurry. */
export function moodOfSeverity(severity: string | undefined): Mood {
  switch (severity?.toLowerCase()) {
    case "critical":
    case "page":
    case "high":
    case "error":
    case "emergency":
      return "bad";
    case "info":
    case "none":
    case "low":
      return "quiet";
    case undefined:
      return "bad";
    default:
      return "warning";
  }
}
