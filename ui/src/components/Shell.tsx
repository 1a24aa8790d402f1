import { ActionIcon } from "@mantine/core";
import {
  IconBell,
  IconChartLine,
  IconLayoutDashboard,
  IconLogout,
  IconMenu2,
  IconServer2,
  IconStack2,
  IconTarget,
  IconX,
} from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { type User, useSignOut } from "../api/useUser";
import { useTexts } from "../lib/i18n";
import { Link } from "../lib/router";
import { Logo } from "./Logo";
import { Preferences } from "./Preferences";

/** The frame around every page: navigation on the left, behind a button on phones. */
export function Shell({ user, path, children }: { user: User; path: string; children: ReactNode }) {
  const t = useTexts();
  const signOut = useSignOut();
  const [open, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to a page closes the menu
  useEffect(() => setOpen(false), [path]);

  const links = [
    {
      href: "/",
      label: t.dashboards,
      icon: IconLayoutDashboard,
      here: path === "/" || path.startsWith("/d/") || path.startsWith("/dashboards"),
    },
    { href: "/query", label: t.query, icon: IconChartLine, here: path.startsWith("/query") || path.startsWith("/explore") },
    { href: "/alerts", label: t.alerts, icon: IconBell, here: path.startsWith("/alert") },
    { href: "/targets", label: t.targets, icon: IconTarget, here: path.startsWith("/targets") },
    { href: "/cardinality", label: t.cardinality, icon: IconStack2, here: path.startsWith("/cardinality") },
    { href: "/status", label: t.status, icon: IconServer2, here: path.startsWith("/status") },
  ];

  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t.skipToContent}
      </a>
      <div className="topbar">
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.openMenu} aria-expanded={open} onClick={() => setOpen(true)}>
          <IconMenu2 size={20} />
        </ActionIcon>
        <Link href="/" className="brand">
          <Logo size={24} /> {t.appName}
        </Link>
      </div>
      <button
        type="button"
        className="scrim"
        data-open={open || undefined}
        aria-label={t.closeMenu}
        tabIndex={-1}
        onClick={() => setOpen(false)}
      />
      <nav
        className="nav"
        data-open={open || undefined}
        aria-label={t.navigation}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      >
        <div style={{ display: "flex", justifyContent: "space-between" }}>
          <Link href="/" className="brand">
            <Logo /> {t.appName}
          </Link>
          {open && (
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.closeMenu} onClick={() => setOpen(false)}>
              <IconX size={18} />
            </ActionIcon>
          )}
        </div>
        {links.map(({ href, label, icon: Icon, here }) => (
          <Link key={href} href={href} className="nav-link" aria-current={here ? "page" : undefined}>
            <Icon size={18} stroke={1.8} aria-hidden /> {label}
          </Link>
        ))}
        <div className="nav-foot">
          <Preferences />
          {user.authEnabled && (
            <button
              type="button"
              className="nav-link"
              style={{ border: 0, background: "none", cursor: "pointer" }}
              onClick={() => signOut.mutate()}
            >
              <IconLogout size={18} stroke={1.8} aria-hidden />
              <span style={{ textAlign: "left" }} title={t.signedInAs(user.login)}>
                {t.signOut}
              </span>
            </button>
          )}
        </div>
      </nav>
      <main className="main" id="content" tabIndex={-1} style={{ outline: "none" }}>
        {children}
      </main>
    </div>
  );
}
