import { TextInput } from '@mantine/core'
import {
  CONFIG_KEYS,
  CONFIG_SECTIONS,
  type ConfigKey,
  type ConfigSection,
  valueAt,
} from '../../../domain/config/keys.ts'
import type { ConfigProblem } from '../../../domain/config/problem.ts'
import { renderCount } from '../../ui/format.ts'
import { ExtendsField } from './ExtendsField.tsx'
import { KeyField } from './KeyField.tsx'
import { ownText } from './own-values.ts'
import css from './ProfileForm.module.css'
import { useInherited } from './use-check.ts'

type Props = {
  readonly name: string
  readonly values: object
  readonly problems: readonly ConfigProblem[]
  /** `undefined` sets nothing any more. */
  readonly onChange: (path: string, value: unknown) => void
}

type Group = { readonly section: ConfigSection; readonly keys: readonly ConfigKey[] }

const sectionOf = (path: string): string => path.slice(0, path.lastIndexOf('.'))

const groupsOf = (isWanted: (key: ConfigKey) => boolean): Group[] =>
  CONFIG_SECTIONS.map((section) => ({
    section,
    keys: CONFIG_KEYS.filter((key) => sectionOf(key.path) === section.path && isWanted(key)),
  })).filter(({ keys }) => keys.length > 0)

const NOW = groupsOf(({ effect }) => effect !== null)
const LATER = groupsOf(({ effect }) => effect === null)
const LATER_KEYS = LATER.flatMap(({ keys }) => keys)

const TITLES: Readonly<Record<string, string>> = {
  aws: 'AWS',
  mptcp: 'Multipath TCP',
  lab: 'Local lab',
  'optimization.buffer_sizes': 'Optimization: buffer sizes',
}

/** Sections whose description says no more than their title. */
const PLAIN: ReadonlySet<string> = new Set(['tunnel', 'lab', 'aws'])

const titleOf = (path: string): string => TITLES[path] ?? `${path.charAt(0).toUpperCase()}${path.slice(1)}`

type FieldsProps = Props & { readonly groups: readonly Group[]; readonly inherited: ReturnType<typeof useInherited> }

const Fields = ({ groups, values, problems, onChange, inherited }: FieldsProps) =>
  groups.map(({ section, keys }) => (
    <fieldset key={section.path} className={css.section}>
      <legend className={css.legend}>
        {titleOf(section.path)} {!PLAIN.has(section.path) && <span>{section.description}</span>}
      </legend>
      <div className={css.grid}>
        {keys.map((key) => (
          <KeyField
            key={key.path}
            field={key}
            own={valueAt(values, key.path)}
            inherited={inherited?.find(({ path }) => path === key.path)}
            problem={problems.find((problem) => problem.key === key.path)}
            onChange={onChange}
          />
        ))}
      </div>
    </fieldset>
  ))

/** The keys of a profile as fields. An empty field sets nothing. */
export const ProfileForm = (props: Props) => {
  const { name, values, problems, onChange } = props
  const parent = ownText(values, 'extends')
  const inherited = useInherited(parent, name)
  const problemOf = (key: string): string | undefined => problems.find((problem) => problem.key === key)?.message
  const laterSet = LATER_KEYS.filter(({ path }) => valueAt(values, path) !== undefined).length
  return (
    <div className={css.form}>
      <div className={css.head}>
        <TextInput
          label="Description"
          description="What it is for, in a sentence."
          placeholder="none"
          maxLength={200}
          value={ownText(values, 'description') ?? ''}
          error={problemOf('description')}
          onChange={(event) =>
            onChange('description', event.currentTarget.value.trim() === '' ? undefined : event.currentTarget.value)
          }
        />
        <ExtendsField value={parent} onChange={(value) => onChange('extends', value ?? undefined)} />
      </div>
      <Fields {...props} groups={NOW} inherited={inherited} />
      <details className={css.later}>
        <summary>
          Kept for later versions: {renderCount(LATER_KEYS.length, 'key')}
          {laterSet > 0 && `, ${laterSet} set here`}
        </summary>
        <p className={css.laterText}>
          These are checked and kept, and do nothing in this version. Connecting says which of them a profile sets.
        </p>
        <div className={css.form}>
          <Fields {...props} groups={LATER} inherited={inherited} />
        </div>
      </details>
    </div>
  )
}
