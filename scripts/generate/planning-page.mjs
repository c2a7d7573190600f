import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_KEYS } from '../../domain/config/keys.ts'
import { renderAcknowledgements } from '../../domain/planner/acknowledgements.ts'
import { ASSUMPTIONS } from '../../domain/planner/conditions.ts'
import { renderBitRate, renderUsd } from '../../domain/planner/figures.ts'
import { originsOf, renderStanding } from '../../domain/planner/origins.ts'
import { acknowledgementShare, mostMergedPackets, payloadShare } from '../../domain/planner/overhead.ts'
import { planTransfer } from '../../domain/planner/plan-transfer.ts'
import { parsePriceTable } from '../../domain/planner/price-table.ts'
import { renderChoices } from '../../domain/planner/render-choices.ts'
import { tellingChoices } from '../../domain/planner/telling-choices.ts'

/** @typedef {import('../../domain/planner/conditions.ts').Conditions} Conditions */
/** @typedef {{ title: string, command: string, goal: import('../../domain/planner/goal.ts').Goal, changes?: Partial<Conditions> }} Stated */

const REGION = 'us-west-2'
const DAY = 86_400

/** @type {Stated[]} */
const GOALS = [
  {
    title: 'An instrument that sends 1 Gbit/s all day',
    command: 'mole plan --rate 1G',
    goal: { kind: 'rate', bitsPerSecond: 1e9, budgetUsd: null },
  },
  {
    title: '5 Gbit/s, for as long as $60 last',
    command: 'mole plan --rate 5G --budget 60',
    goal: { kind: 'rate', bitsPerSecond: 5e9, budgetUsd: 60 },
  },
  {
    title: '10 Gbit/s: more than eight tunnels carry',
    command: 'mole plan --rate 10G --max-tunnels 16',
    goal: { kind: 'rate', bitsPerSecond: 1e10, budgetUsd: null },
    changes: { maxTunnels: 16 },
  },
  {
    title: '40 TB to the cloud within a week, under $60',
    command: 'mole plan --bytes 40TB --by 7d --budget 60',
    goal: { kind: 'bytes', bytes: 40e12, withinSeconds: 7 * DAY, budgetUsd: 60 },
  },
  {
    title: '10 TB back from the cloud within three days, under $900',
    command: 'mole plan --bytes 10TB --by 3d --budget 900 --direction download',
    goal: { kind: 'bytes', bytes: 10e12, withinSeconds: 3 * DAY, budgetUsd: 900 },
    changes: { direction: 'download' },
  },
]

/** @param {string} path @returns {any} */
const fallback = (path) => CONFIG_KEYS.find((key) => key.path === path)?.fallback

/** The built-in configuration. @type {Conditions} */
const CONDITIONS = {
  ...ASSUMPTIONS,
  direction: 'upload',
  mtuBytes: fallback('tunnel.mtu'),
  pathBitsPerSecond: null,
  streams: null,
  allowedTypes: fallback('aws.instance_types'),
  maxInstances: fallback('aws.max_instances'),
  minTunnels: fallback('tunnel.min_tunnels'),
  maxTunnels: fallback('tunnel.max_tunnels'),
}

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').trim()

/** @param {readonly (readonly string[])[]} rows */
const markdownTable = ([heading = [], ...rows]) =>
  [
    `| ${heading.map(cell).join(' | ')} |`,
    `|${heading.map(() => '---').join('|')}|`,
    ...rows.map((row) =>
      row[0]?.startsWith('>')
        ? `| ${row.map((text) => `**${cell(text.replace(/^>/, ''))}**`).join(' | ')} |`
        : `| ${row.map(cell).join(' | ')} |`,
    ),
  ].join('\n')

/** @param {import('../../domain/planner/provenance.ts').Provenance} from */
const renderSource = ({ url, note }) => (url === null ? note : `<${url}>: ${note}`)

/** @param {string} root */
const readTable = (root) => {
  const directory = join(root, 'resources/prices')
  const newest = readdirSync(directory).sort().at(-1) ?? ''
  return { name: newest, table: parsePriceTable(JSON.parse(readFileSync(join(directory, newest), 'utf8'))) }
}

/** Where the prices of every region come from. @param {ReturnType<typeof readTable>['table']} table */
const pricesFrom = ({ regions }) =>
  [...regions.values()].flatMap(({ onDemandUsdPerHour, dataOut }) => [
    ...[...onDemandUsdPerHour.values()].map(({ from }) => from),
    ...(dataOut === null ? [] : [dataOut.from]),
  ])

/** @param {Stated} stated @param {ReturnType<typeof readTable>['table']} table @param {import('../../domain/planner/price-table.ts').RegionPrices} prices */
const planStated = ({ goal, changes }, table, prices) => {
  const conditions = { ...CONDITIONS, ...changes }
  const plan = planTransfer(goal, conditions, table, prices)
  const shown = tellingChoices(plan)
  const acknowledgements = renderAcknowledgements(plan, conditions, prices)
  return { plan, shown, acknowledgements, origins: originsOf(shown, conditions, table, prices) }
}

/** @param {Stated} stated @param {ReturnType<typeof planStated>} planned @param {ReturnType<typeof readTable>['table']} table @param {(from: object) => number} number */
const renderGoal = ({ title, command }, { plan, shown, acknowledgements, origins }, table, number) => `## ${title}

\`\`\`
${command}
\`\`\`

${plan.recommended === null ? '' : '**Recommended:** '}${plan.reason}

${markdownTable(renderChoices(plan, shown, table.network))}

${acknowledgements === null ? '' : `${acknowledgements}\n\n`}Numbers from ${origins.map(({ what, from }) => `${what} [${number(from)}]`).join('; ')}.
`

/** `docs/planning.md`: five goals, what could do them, and where each number comes from. @param {string} root */
export const renderPlanningPage = (root) => {
  const { name, table } = readTable(root)
  const prices = table.regions.get(REGION)
  if (prices === undefined) throw new Error(`${name} has no prices of ${REGION}`)
  const plans = GOALS.map((stated) => planStated(stated, table, prices))
  /** @type {Map<string, import('../../domain/planner/provenance.ts').Provenance>} */
  const sources = new Map(
    [...plans.flatMap(({ origins }) => origins.map(({ from }) => from)), ...pricesFrom(table)].map((from) => [
      JSON.stringify(from),
      from,
    ]),
  )
  const keys = [...sources.keys()]
  /** @param {object} from */
  const number = (from) => keys.indexOf(JSON.stringify(from)) + 1
  const { network } = table
  const share = payloadShare(CONDITIONS.mtuBytes)
  return `<!-- Made by "npm run generate" from resources/prices/${name}, domain/planner and scripts/generate/planning-page.mjs. Not to be edited. -->

# Planning a transfer

\`mole plan\` compares what could carry a transfer on AWS: instance types, their number and tunnels, what passes the internet gateway, what it costs and when it is through.
It needs no account and no engine. \`mole plan --refresh\` first asks the AWS Pricing API for the prices of the region, and keeps them, dated, beside those that are shipped; then Spot instances are shown beside those on demand, as a band of the last day's prices.

Below are five goals, in ${REGION}, with the built-in configuration where the command says nothing else: ${CONDITIONS.allowedTypes.join(', ')}, at most
${CONDITIONS.maxInstances} instances and ${CONDITIONS.maxTunnels} tunnels. Prices are on demand, without tax, in US dollars; the table is of ${table.compiled}, its numbers have days of their own.

## How it reckons

- **Payload counts.** Rates and amounts are what arrives. At an MTU of ${CONDITIONS.mtuBytes} in the tunnels, ${(share * 100).toFixed(1)} % of what is on the wire is payload: the rest is headers of IP, TCP, UDP and WireGuard.
- **The internet gateway.** An instance with fewer than ${network.gatewayVcpus} vCPUs gets at most ${renderBitRate(network.gatewayBitsPerSecond)} through it, on the wire, whatever its own bandwidth is; a larger one ${network.gatewayShare * 100} % of its bandwidth.
  One flow gets at most ${renderBitRate(network.flowBitsPerSecond)}, and a tunnel is one flow. [${number(network.from)}]
- **Steady and burst.** "Up to" bandwidth lasts ${network.burstMinutes.least} to ${network.burstMinutes.most} minutes [${number(network.from)}]; then the steady one holds. A recommendation counts on the steady one alone. The earlier end of a finish is with the longest burst, the later one with none.
- **Tunnels.** One carries ${renderBitRate(ASSUMPTIONS.tunnelBitsPerSecond.value)} and keeps one vCPU of the bastion busy; eight together reach ${ASSUMPTIONS.eightTunnelsShare.value * 100} % of eight times that, fewer lose less, in a straight line. These are assumptions until something is measured:
  \`--tunnel-limit\`, \`--path-limit\` and \`--streams\` say it better.
- **Cost.** Instances, a public IPv4 address and a root disk of ${ASSUMPTIONS.diskGb.value} GB each, by the hour of use; data into AWS is free, data out is not. It is reckoned from the first GB of a month, headers included, a GB as 10⁹ bytes, without the account's free allowance: the dearer reading of each.
- **Acknowledgements are told, not counted.** The packets that acknowledge an upload leave AWS as data out, and can cost more than everything else: ${(acknowledgementShare(CONDITIONS.mtuBytes) * 100).toFixed(1)} % of the amount where the receiver acknowledges every second packet (RFC 9293), ${(acknowledgementShare(CONDITIONS.mtuBytes, mostMergedPackets(CONDITIONS.mtuBytes)) * 100).toFixed(2)} % where it merges
  up to ${mostMergedPackets(CONDITIONS.mtuBytes)} packets first, as Linux does when they come close together. Nobody has published where between the two a bastion and its receivers lie, so each plan says both ends, and from where on a budget holds them. What a deployment has really sent is counted while it runs, acknowledgements too, and its budget goes by that.
- **Not counted:** CPU credits of T types, traffic between availability zones, what the private side costs, what booting takes, and any limit of the DTN or of the path that nobody has named.
- **Recommended** is what costs least of those that surely do it; with a budget and no deadline, what finishes first within the budget. Only types in \`aws.instance_types\` are recommended; the x86 types beside them are shown for comparison. "An hour" is without data transfer, "a TB" with it.

${GOALS.map((stated, index) => renderGoal(stated, /** @type {ReturnType<typeof planStated>} */ (plans[index]), table, number)).join('\n')}
## Prices an hour

What the table knows, on demand. A dash: no source was found, so the planner leaves the type out there. Data out of a region without a price is not planned.

${markdownTable([
  ['type', ...table.regions.keys()],
  ...table.types.map((type) => [
    type.name,
    ...[...table.regions.values()].map(({ onDemandUsdPerHour }) => {
      const price = onDemandUsdPerHour.get(type.name)
      return price === undefined ? '-' : `$${price.value} (${renderStanding(price.from)}) [${number(price.from)}]`
    }),
  ]),
  [
    'a GB of data out, first tier',
    ...[...table.regions.values()].map(({ dataOut }) =>
      dataOut === null
        ? '-'
        : `${renderUsd(dataOut.value[0]?.usdPerGb ?? 0)} (${renderStanding(dataOut.from)}) [${number(dataOut.from)}]`,
    ),
  ],
])}

## Sources

${keys
  .map((key, index) => {
    const from = /** @type {import('../../domain/planner/provenance.ts').Provenance} */ (sources.get(key))
    return `${index + 1}. ${renderStanding(from)}: ${renderSource(from)}`
  })
  .join('\n')}
`
}
