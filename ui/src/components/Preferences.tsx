import { SegmentedControl, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { type Language, languages, useLanguage } from "../lib/i18n";

/** The two settings every reader has: colors and language. Kept in the browser. */
export function Preferences() {
  const { texts: t, language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    { value: "light" as const, name: t.lightScheme, icon: IconSun },
    { value: "dark" as const, name: t.darkScheme, icon: IconMoon },
    { value: "auto" as const, name: t.systemScheme, icon: IconDeviceDesktop },
  ];
  return (
    <>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t.colorScheme}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
        data={schemes.map(({ value, name, icon: Icon }) => ({
          value,
          label: (
            <span title={name} style={{ display: "flex", justifyContent: "center" }}>
              <Icon size={15} aria-hidden />
              <VisuallyHidden>{name}</VisuallyHidden>
            </span>
          ),
        }))}
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t.language}
        value={language}
        onChange={(value) => setLanguage(value as Language)}
        data={(Object.keys(languages) as Language[]).map((value) => ({ value, label: languages[value].languageName }))}
      />
    </>
  );
}
