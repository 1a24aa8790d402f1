import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../lib/i18n";

interface MessageProps {
  title: string;
  text?: string;
  action?: { label: string; run: () => void };
  children?: ReactNode;
}

/** In place of content: nothing there, or something went wrong, and what to do about it. */
export function Message({ title, text, action, children }: MessageProps) {
  return (
    <div className="panel-message" style={{ padding: "8vh 16px", fontSize: "0.95rem" }}>
      <strong style={{ fontSize: "1.05rem", color: "var(--mantine-color-text)" }}>{title}</strong>
      {text && <span style={{ maxWidth: 560, overflowWrap: "anywhere" }}>{text}</span>}
      {children}
      {action && (
        <Button variant="light" size="xs" mt="sm" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

export function Busy() {
  const t = useTexts();
  return (
    <div className="panel-message" style={{ padding: "12vh 0" }} role="status">
      <Loader size="sm" aria-label={t.loading} />
    </div>
  );
}
