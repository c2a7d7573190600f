import { describeType } from '../../domain/config/describe-type.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS } from '../../domain/config/keys.ts'
import { SHIPPED_NAMES } from '../../domain/config/shipped-names.ts'
import { MAX_TUNNELS_PER_BASTION } from '../../domain/tunnel-plan.ts'

/** @typedef {import('../../domain/config/keys.ts').ConfigKey} ConfigKey */
/** @typedef {import('../../domain/config/keys.ts').ConfigSection} ConfigSection */

const inForce = CONFIG_KEYS.filter(({ effect }) => effect !== null)

const forceParagraph = () => {
  if (inForce.length === CONFIG_KEYS.length) return 'Every key is in force.'
  return `A key that a later version puts into force is accepted, checked and kept, and is said to be *not yet in force*: here, in an editor,
by \`mole config check\`, \`show\` and \`explain\`, and before anything is made. In force in this version are
${inForce.map(({ path }) => `\`${path}\``).join(', ')}.`
}

const INTRODUCTION = `<!-- Made by "npm run generate" from domain/config/schema.ts and scripts/generate/configuration-page.mjs. Not to be edited. -->

# Configuration

A configuration is a YAML 1.2 document of sections and keys. Nothing has to be said: every key has a default. The same format serves three places:

| document | what it is |
|---|---|
| \`$XDG_CONFIG_HOME/mole/config.yaml\` (\`~/.config/mole/config.yaml\`) | the user's configuration: holds for every command |
| \`$XDG_CONFIG_HOME/mole/profiles/NAME.yaml\` | a profile: what \`mole connect NAME\` and \`mole up --profile NAME\` make |
| \`mole up --file FILE\` | a document in a profile's place, for once |

\`\`\`yaml
# yaml-language-server: $schema=./mole-config.schema.json
extends: dtn
description: Telescope data to the archive

deployment:
  tunnels: 6

tunnel:
  mtu: 8920
\`\`\`

The first line makes editors check and complete the document; \`mole config schema > mole-config.schema.json\` writes the schema it names.

\`\`\`
mole config check FILE      # everything that is wrong, by line
mole config show --origin   # every value, and who said it
mole config explain KEY     # what a key means, how it is set, what it does
\`\`\`

## Who has the last word

From the lowest to the highest; a key takes its value from the highest that sets it:

1. the built-in default;
2. what is extended: by the user's configuration, then by the profile, in each the ancestor below its descendant;
3. the user's configuration;
4. the profile, or the document in its place;
5. the environment;
6. options on the command line.

Sections are merged key by key. A list is replaced whole. Rules over several keys, such as \`tunnel.min_tunnels\` ≤ \`deployment.tunnels\` ≤
\`tunnel.max_tunnels\`, are judged on the outcome, and name the key that was set last.

## \`extends\`

\`extends\` names what a document stands on:

- one of the configurations that come with Cloud Mole: ${SHIPPED_NAMES.map((name) => `\`${name}\``).join(', ')} ([resources/config](../resources/config)); or
- the path of a YAML file, relative to the document that names it. A path contains \`/\` or ends in \`.yaml\` or \`.yml\`.

A chain has at most eight documents. One that leads back to itself is refused, and told.

## The environment

Every key has a variable, \`MOLE_<SECTION>_<KEY>\`. Entries of a list are separated by commas, a switch is \`true\` or \`false\`, and \`null\` is said as \`null\`; an empty
variable says nothing. A variable that begins with \`MOLE_\` and the name of a section, but is no key, is refused. An engine started in
the background does not inherit these variables: they belong to the command that had them. \`mole serve\` and the desktop application keep theirs.

\`\`\`
MOLE_TUNNEL_MTU=1380 MOLE_PROBING_PARALLEL_STREAMS=1,4,16 mole config show --origin
\`\`\`

## Quantities

| kind | written as |
|---|---|
| duration | a number and its unit: \`500ms\`, \`30s\`, \`2m\`, \`1.5h\`, \`1d\` |
| bytes | a number, or with a unit: \`134217728\`, \`128MiB\`, \`100MB\` (KiB, MiB, GiB are powers of 1024; kB, MB, GB of 1000) |
| rate | bits per second: \`200000000\`, \`200M\`, \`1.5Gbit/s\` (k, M, G are powers of 1000) |
| share | \`0.8\` or \`80%\` |
| network | \`10.200.0.0/24\`: IPv4, with the host bits zero |

## Eight tunnels on a bastion, twelve in \`dtn\`

One bastion carries at most ${MAX_TUNNELS_PER_BASTION} tunnels, while \`dtn\` allows a deployment 12. Both hold: ${MAX_TUNNELS_PER_BASTION} is the limit of one bastion, \`tunnel.max_tunnels\` that of the whole deployment,
and tunnels above ${MAX_TUNNELS_PER_BASTION} are dealt evenly over as many bastions as they need; \`deployment.bastions\` asks for more than that. In AWS
\`aws.max_instances\` is the most there may be.

## Keys in force

${forceParagraph()}
`

/** @param {unknown} value As it would be written in YAML, in one line. @returns {string} */
const renderDefault = (value) => {
  if (Array.isArray(value)) return `[${value.map(renderDefault).join(', ')}]`
  return String(value)
}

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|')

/** @param {ConfigKey} key */
const renderRow = ({ path, schema, fallback, environment, description, effect }) =>
  `| ${[
    `\`${path.split('.').at(-1)}\``,
    cell(describeType(schema)),
    `\`${cell(renderDefault(fallback))}\``,
    `\`${environment}\``,
    cell(effect === null ? `${description} *Not yet in force.*` : `${description} ${effect}`),
  ].join(' | ')} |`

/** @param {ConfigSection} section @returns {string} */
const renderSection = ({ path, description }) => {
  const keys = CONFIG_KEYS.filter((key) => key.path.slice(0, key.path.lastIndexOf('.')) === path)
  return `## \`${path}\`

${description}

| key | value | default | variable | what it does |
|---|---|---|---|---|
${keys.map(renderRow).join('\n')}
`
}

/** `docs/configuration.md`: how a configuration comes about, and every key there is. */
export const renderConfigurationPage = () => [INTRODUCTION, ...CONFIG_SECTIONS.map(renderSection)].join('\n')
