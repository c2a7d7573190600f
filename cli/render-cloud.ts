import type { CloudResource, DeploymentView } from '../contract/app.ts'
import { plainText } from './plain-text.ts'
import { renderDollars } from './render-dollars.ts'
import { renderTable } from './table.ts'

type Bastion = DeploymentView['bastions'][number]

const machineCells = ({ machine }: Bastion): string[] => {
  if (machine === null) return ['–', '–', '–', '–']
  const { instanceId, instanceType, zone, market, spotUsdPerHour } = machine
  return [
    instanceId,
    instanceType,
    zone,
    spotUsdPerHour === null ? market : `${market} ${renderDollars(spotUsdPerHour)}/h`,
  ]
}

/** Slots as people write them: `1–4`, `9, 11`. */
const renderSlots = (slots: readonly number[]): string => {
  const [first, last] = [slots[0], slots.at(-1)]
  if (first === undefined || last === undefined) return '–'
  return slots.length > 1 && last - first === slots.length - 1 ? `${first}–${last}` : slots.join(', ')
}

const HEADINGS = ['BASTION', 'STATE', 'TUNNELS', 'ADDRESS', 'INSTANCE', 'TYPE', 'ZONE', 'BOUGHT']

/** Each bastion: the machine it runs on, and the tunnels it carries. */
export const renderBastions = ({ bastions, tunnels }: DeploymentView): string =>
  renderTable([
    HEADINGS,
    ...bastions.map((bastion) =>
      [
        bastion.id,
        bastion.state,
        renderSlots(tunnels.filter(({ bastionId }) => bastionId === bastion.id).map(({ slot }) => slot)),
        bastion.publicAddress === '' ? '–' : bastion.publicAddress,
        ...machineCells(bastion),
      ].map(plainText),
    ),
  ])

/** Things of ours in the cloud, a line each. */
export const renderResources = (resources: readonly CloudResource[], indent = ''): string =>
  renderTable(
    [
      ['RESOURCE', 'ID', 'NAME', 'STATE', 'DETAIL'],
      ...resources.map(({ kind, id, name, state, detail }) => [kind, id, name, state, detail].map(plainText)),
    ],
    indent,
  )
