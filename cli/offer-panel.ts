import type { Report } from './report.ts'
import type { World } from './world.ts'

/** How to reach the panel from the machine one sits at: the same port at both ends keeps the printed address true. */
const forwarding = (url: string): string => {
  const { port } = new URL(url)
  return `The address works once. From another machine, first: ssh -L ${port}:127.0.0.1:${port} this-host`
}

/** Says how to come to the panel at `url`, and opens a browser where that was asked for and can be done. */
export const offerPanel = async (world: World, report: Report, url: string, mayOpen: boolean): Promise<void> => {
  const isOpened = mayOpen && (await world.openBrowser(url))
  if (isOpened) return report.note('Opened in your browser.')
  if (mayOpen) report.note('There is no browser to open on this machine.')
  report.note(forwarding(url))
}
