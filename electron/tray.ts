import type { DeploymentView, ProfileSummary } from '../contract/app.ts'
import { connectableProfiles } from '../contract/profile-order.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { isBusy, isUp, statusLine } from './phases.ts'

/** One entry of the tray's menu, in Electron's terms. */
export type TrayItem = {
  readonly label?: string
  readonly type?: 'separator'
  readonly enabled?: boolean
  readonly click?: () => void
  readonly submenu?: TrayItem[]
}

/** The calls made of Electron's `Tray`. */
export type TrayIcon = {
  setToolTip(text: string): void
  setMenu(items: readonly TrayItem[]): void
  on(event: 'click', listener: () => void): unknown
}

export type TrayActions = {
  showPanel(): void
  /** Connects a saved profile. */
  connectProfile(name: string): void
  /** Makes a plan again that was made without a profile. */
  connect(plan: DeploymentPlan): void
  disconnect(): void
  quit(): void
}

/** What the tray knows. */
export type TrayState = {
  readonly view: DeploymentView | null
  readonly profiles: readonly ProfileSummary[]
  /** What was up last in this run without a profile. */
  readonly lastPlan: DeploymentPlan | null
}

/** The ways to connect: the profile connected last, the others below; without profiles the last plan, else the wizard. */
const connectItems = ({ view, profiles, lastPlan }: TrayState, actions: TrayActions): TrayItem[] => {
  const enabled = view !== null && !isBusy(view)
  const items = connectableProfiles(profiles).map(({ name }) => ({ name, click: () => actions.connectProfile(name) }))
  const [first, ...others] = items
  if (first !== undefined)
    return [
      { label: `Connect ${first.name}`, enabled, click: first.click },
      ...(others.length === 0
        ? []
        : [{ label: 'Connect another', enabled, submenu: others.map(({ name, click }) => ({ label: name, click })) }]),
    ]
  return [
    lastPlan === null
      ? { label: 'Connect…', enabled, click: actions.showPanel }
      : { label: 'Connect', enabled, click: () => actions.connect(lastPlan) },
  ]
}

/** What the tray offers. */
export const trayMenu = (state: TrayState, actions: TrayActions): TrayItem[] => {
  const { view } = state
  const canDisconnect = isUp(view) || view?.phase === 'failed'
  return [
    { label: statusLine(view), enabled: false },
    { type: 'separator' },
    { label: 'Open panel', click: actions.showPanel },
    ...(canDisconnect ? [{ label: 'Disconnect', click: actions.disconnect }] : connectItems(state, actions)),
    { type: 'separator' },
    { label: 'Quit Cloud Mole', click: actions.quit },
  ]
}

/** Of what the menu shows: a menu that is set anew closes under the person's pointer, and most news change nothing in it. */
const keyOf = ({ view, profiles, lastPlan }: TrayState): string =>
  JSON.stringify([
    view?.phase ?? null,
    statusLine(view),
    lastPlan,
    connectableProfiles(profiles).map(({ name }) => name),
  ])

export type OpenTray = {
  show(view: DeploymentView | null): void
  showProfiles(profiles: readonly ProfileSummary[]): void
}

/** Keeps the tray's icon telling what is. */
export const openTray = (icon: TrayIcon, actions: TrayActions): OpenTray => {
  let state: TrayState = { view: null, profiles: [], lastPlan: null }
  let shown = ''
  const update = (change: Partial<TrayState>): void => {
    state = { ...state, ...change }
    const key = keyOf(state)
    if (key === shown) return
    shown = key
    icon.setToolTip(`Cloud Mole: ${statusLine(state.view)}`)
    icon.setMenu(trayMenu(state, actions))
  }
  icon.on('click', actions.showPanel)
  update({})
  return {
    show: (view) => update({ view, lastPlan: view?.plan ?? state.lastPlan }),
    showProfiles: (profiles) => update({ profiles }),
  }
}
