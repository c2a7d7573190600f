import { join } from 'node:path'

/** Where the programs lie that are not Electron's. */
export type Installation = {
  /** dist/renderer. */
  readonly panel: string
  readonly preload: string
  readonly trayIcon: string
  /** A Node.js of our own runs the helper: the fuses forbid Electron to act as one. */
  readonly helper: { readonly node: string; readonly entry: string }
  /** The command line, which the same Node.js runs. */
  readonly cli: string
}

/**
 * `root` holds package.json and dist/. In a package it is the archive that only Electron can read, so what other programs
 * run or read lies beside it, in resources/mole (electron-builder.yml).
 */
export const installation = (root: string, packagedResources: string | null): Installation => {
  const programs = packagedResources === null ? root : join(packagedResources, 'mole')
  return {
    panel: join(root, 'dist', 'renderer'),
    preload: join(root, 'dist', 'electron', 'preload.cjs'),
    trayIcon: join(programs, 'resources', 'icons', 'tray.png'),
    helper: {
      node: join(programs, 'node_modules', 'node', 'bin', 'node'),
      entry: join(programs, 'dist', 'helper', 'main.js'),
    },
    cli: join(programs, 'dist', 'cli', 'main.js'),
  }
}
