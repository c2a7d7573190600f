import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The build writes beside dist/ and swaps at the end; see scripts/setup/build.mjs. */
const DIST = process.env.MOLE_DIST ?? at('dist')

/** What no bundle may swallow: Node itself, native modules, Electron, two optional natives `ws` looks for, and a debugger `ink` may be given. */
const OUTSIDE = [/^node:/, 'koffi', 'electron', 'bufferutil', 'utf-8-validate', 'react-devtools-core']

/** One file of pure JavaScript that Node or Electron runs: everything bundled but what is `OUTSIDE`. */
const program = (
  entry: string,
  outDir: string,
  file: string,
  { format = 'es', codeSplitting = false }: { format?: 'es' | 'cjs'; codeSplitting?: boolean } = {},
): EnvironmentOptions => ({
  consumer: 'server',
  define: { 'process.env.NODE_ENV': '"production"' },
  resolve: { noExternal: true, external: OUTSIDE.filter((name) => typeof name === 'string') },
  build: {
    ssr: true,
    target: 'node24',
    outDir: join(DIST, outDir),
    // The two Electron programs share a folder; the build starts with an empty one.
    emptyOutDir: false,
    // Readable on purpose: stack traces name our functions, and the helper's text can be audited as it runs.
    minify: false,
    rolldownOptions: {
      input: at(entry),
      external: OUTSIDE,
      output: { format, entryFileNames: file, chunkFileNames: '[name].js', codeSplitting },
    },
  },
})

/** The panel: no inline script, style or data URL, so that `script-src 'self'; font-src 'self'` suffices. */
const panel: EnvironmentOptions = {
  consumer: 'client',
  build: {
    target: 'chrome138',
    outDir: join(DIST, 'renderer'),
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: at('renderer/index.html') },
  },
}

/** Every program of Cloud Mole, by the name of its environment. */
const programs: Record<string, EnvironmentOptions> = {
  client: panel,
  // The terminal's dashboard is a file of its own: only `mole monitor` pays for it.
  cli: program('cli/main.ts', 'cli', 'main.js', { codeSplitting: true }),
  helper: program('helper/main.ts', 'helper', 'main.js'),
  // The DTN's end of the TCP relay: a process of its own, without privilege.
  relay: program('helper/relay/main.ts', 'helper', 'relay.js'),
  // What measures a network for a probe, and what answers it: without privilege, too.
  probe: program('helper/probe/main.ts', 'helper', 'probe.js'),
  main: program('electron/main.ts', 'electron', 'main.js'),
  // A sandboxed preload script is CommonJS and may require nothing but `electron`.
  preload: program('electron/preload.ts', 'electron', 'preload.cjs', { format: 'cjs' }),
}

export default defineConfig({
  root: at('renderer'),
  // Relative, so that the same files serve `app://` and `http://127.0.0.1:<port>/`.
  base: './',
  plugins: [react()],
  environments: programs,
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments))
        if (environment.name in programs) await builder.build(environment)
    },
  },
})
