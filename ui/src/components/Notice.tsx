import type { ReactNode } from "react";
import type { Mood } from "./StateBadge";

interface NoticeProps {
  mood: Mood;
  title?: string;
  /** Said aloud when it appears. */
  urgent?: boolean;
  children?: ReactNode;
}

/** A remark in the flow of the page, with a stripe in the color of its mood. */
export function Notice({ mood, title, urgent, children }: NoticeProps) {
  return (
    <div className={`notice notice-${mood}`} role={urgent ? "alert" : undefined}>
      {title && <strong>{title}</strong>}
      {children}
    </div>
  );
}
