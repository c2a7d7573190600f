import { render, useInput, useWindowSize } from 'ink'
import { createElement as h, type ReactNode } from 'react'
import type { MonitorScreen } from '../world.ts'
import { Dashboard } from './dashboard.ts'
import { type Monitor, NOTHING_SEEN } from './model.ts'

const Screen = ({ monitor, onQuit }: { readonly monitor: Monitor; readonly onQuit: () => void }): ReactNode => {
  const { columns } = useWindowSize()
  useInput((input, key) => {
    if (input === 'q' || key.escape || (key.ctrl && input === 'c')) onQuit()
  })
  return h(Dashboard, { monitor, nowMs: Date.now(), columns })
}

/** Takes this terminal's other screen for the dashboard until `close`, which gives the first one back as it was. */
export const openMonitorScreen = (onQuit: () => void): MonitorScreen => {
  const screen = (monitor: Monitor): ReactNode => h(Screen, { monitor, onQuit })
  const app = render(screen(NOTHING_SEEN), { alternateScreen: true, exitOnCtrlC: false, maxFps: 10 })
  return {
    show: (monitor) => app.rerender(screen(monitor)),
    close: async () => {
      app.unmount()
      await app.waitUntilExit()
    },
  }
}
