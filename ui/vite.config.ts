import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where `npm run dev` finds a running Vigie: its port 3000. */
const server = process.env.VIGIE_URL ?? "http://127.0.0.1:3000";

/** Writes x.js.br beside x.js, once and at the best level, so that the server need not compress. */
const brotliCopies = (): Plugin => ({
  name: "brotli-copies",
  apply: "build",
  writeBundle({ dir = "dist" }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /\.(js|css|svg)$/.test(file))) {
      const path = join(dir, name);
      writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
  },
});

export default defineConfig({
  plugins: [react(), brotliCopies()],
  build: {
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: "mantine", test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/ },
            { name: "editor", test: /node_modules[\\/](@codemirror|@lezer|@prometheus-io|style-mod|crelt|w3c-keyname)[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api/", "/prometheus/", "/alertmanager/", "/logout", "/login"].map((path) => [path, { target: server, changeOrigin: true }]),
    ),
  },
});
