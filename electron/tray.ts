import type { DeploymentView } from '../contract/app.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { isBusy, isUp, statusLine } from './phases.ts'

/** One entry of the tray's menu, in Electron's terms. */
export type TrayItem = {
  readonly label?: string
  readonly type?: 'separator'
  readonly enabled?: boolean
  readonly click?: () => void
}

/** The calls made of Electron's `Tray`. */
export type TrayIcon = {
  setToolTip(text: string): void
  setMenu(items: readonly TrayItem[]): void
  on(event: 'click', listener: () => void): unknown
}

export type TrayActions = {
  showPanel(): void
  connect(plan: DeploymentPlan): void
  disconnect(): void
  quit(): void
}

/**
 * What the tray offers. "Connect" makes the plan again that was up last in this run; before there was one, the
 * panel's wizard asks for it.
 */
export const trayMenu = (
  view: DeploymentView | null,
  lastPlan: DeploymentPlan | null,
  actions: TrayActions,
): TrayItem[] => {
  const connect = (): void => (lastPlan === null ? actions.showPanel() : actions.connect(lastPlan))
  const canDisconnect = isUp(view) || view?.phase === 'failed'
  return [
    { label: statusLine(view), enabled: false },
    { type: 'separator' },
    { label: 'Open panel', click: actions.showPanel },
    canDisconnect
      ? { label: 'Disconnect', click: actions.disconnect }
      : { label: lastPlan === null ? 'Connect…' : 'Connect', enabled: view !== null && !isBusy(view), click: connect },
    { type: 'separator' },
    { label: 'Quit Cloud Mole', click: actions.quit },
  ]
}

/** Keeps the tray's icon telling what is. `show` takes each new view. */
export const openTray = (icon: TrayIcon, actions: TrayActions): { show(view: DeploymentView | null): void } => {
  let lastPlan: DeploymentPlan | null = null
  let shown = ''
  const show = (view: DeploymentView | null): void => {
    lastPlan = view?.plan ?? lastPlan
    // A menu that is set anew closes under the person's pointer, and most views change nothing in it.
    const key = JSON.stringify([view?.phase ?? null, lastPlan])
    if (key === shown) return
    shown = key
    icon.setToolTip(`Cloud Mole: ${statusLine(view)}`)
    icon.setMenu(trayMenu(view, lastPlan, actions))
  }
  icon.on('click', actions.showPanel)
  show(null)
  return { show }
}
