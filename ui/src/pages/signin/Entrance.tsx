import type { ReactNode } from "react";
import { Logo } from "../../components/Logo";
import { Preferences } from "../../components/Preferences";
import { useTexts } from "../../lib/i18n";

/** The card in the middle of the page on the way in. */
export function Entrance({ children }: { children: ReactNode }) {
  const t = useTexts();
  return (
    <main style={{ minHeight: "100vh", display: "grid", placeItems: "center", padding: 16 }}>
      <div style={{ width: "min(380px, 100%)" }}>
        <div style={{ display: "flex", alignItems: "center", gap: 12, marginBottom: 18 }}>
          <Logo size={44} />
          <div>
            <h1 style={{ margin: 0, fontSize: "1.5rem", lineHeight: 1.15 }}>{t.appName}</h1>
            <span className="muted" style={{ fontSize: "0.88rem" }}>
              {t.tagline}
            </span>
          </div>
        </div>
        <div className="card" style={{ padding: 22 }}>
          {children}
        </div>
        <div style={{ display: "grid", gap: 6, gridTemplateColumns: "1fr 1fr", marginTop: 14 }}>
          <Preferences />
        </div>
      </div>
    </main>
  );
}
