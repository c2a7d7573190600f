import { describeType } from '../../../domain/config/describe-type.ts'
import { CONFIG_SECTIONS, type ConfigKey, findKey } from '../../../domain/config/keys.ts'
import { renderValue } from '../../../domain/config/render-value.ts'
import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { Facts } from '../../ui/Facts.tsx'
import { Panel } from '../../ui/Panel.tsx'
import css from './Editor.module.css'
import { HEAD_KEYS } from './head-keys.ts'
import { originText } from './inherited-note.ts'

type Props = {
  /** Of what the cursor stands in. */
  readonly path: string | null
  /** What holds, as far as it is known. */
  readonly values: readonly ConfigValue[] | undefined
}

const factsOf = (key: ConfigKey, values: Props['values']) => {
  const value = values?.find((each) => each.path === key.path)
  return [
    ...(value === undefined ? [] : [{ name: 'Holds', value: `${renderValue(value.value)}, ${originText(value)}` }]),
    { name: 'Takes', value: describeType(key.schema) },
    { name: 'Default', value: <span className="mono">{renderValue(key.fallback)}</span> },
    { name: 'Environment', value: <span className="mono">{key.environment}</span> },
  ]
}

const descriptionOf = (path: string): string | undefined =>
  findKey(path)?.description ??
  CONFIG_SECTIONS.find((section) => section.path === path)?.description ??
  HEAD_KEYS.find(({ name }) => name === path)?.description

/** What the key that the cursor stands in is for. */
export const KeyNote = ({ path, values }: Props) => {
  const description = path === null ? undefined : descriptionOf(path)
  const key = path === null ? null : findKey(path)
  return (
    <Panel title="At the cursor">
      {path === null || description === undefined ? (
        <p className={css.aboutKey}>Put the cursor on a key to read what it does.</p>
      ) : (
        <div className={css.keyNote}>
          <h3 className={css.keyName}>{path}</h3>
          <p className={css.aboutKey}>
            {description} {key?.effect}
          </p>
          {key !== null && key.effect === null && (
            <p className={css.later}>Not in force in this version: it is checked and kept.</p>
          )}
          {key !== null && <Facts facts={factsOf(key, values)} />}
        </div>
      )}
    </Panel>
  )
}
