import { type ReactNode, useEffect } from "react";
import { useTexts } from "../lib/i18n";

/** A page's title, also the window's, and its controls. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  const t = useTexts();
  useEffect(() => {
    document.title = `${title} · ${t.appName}`;
  }, [title, t]);
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
