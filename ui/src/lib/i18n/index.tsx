import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { useKept } from "../kept";
import { en } from "./en";
import { fr } from "./fr";

/** Every text of the UI: a string, or a function of what it speaks about. */
export type Texts = typeof en;
export type Language = "en" | "fr";

export const languages: Record<Language, Texts> = { en, fr };

const Context = createContext<{ texts: Texts; language: Language; setLanguage: (language: Language) => void }>({
  texts: en,
  language: "en",
  setLanguage: () => {},
});

/** The language kept in this browser, otherwise the browser's own. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useKept("language", navigator.language.startsWith("fr") ? "fr" : "en");
  const language: Language = kept === "fr" ? "fr" : "en";
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ texts: languages[language], language, setLanguage: setKept }), [language, setKept]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useTexts = (): Texts => useContext(Context).texts;
export const useLanguage = () => useContext(Context);
