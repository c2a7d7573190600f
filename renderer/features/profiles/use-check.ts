import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import type { AppContract } from '../../../contract/app.ts'
import type { OutputOf } from '../../../contract/define.ts'
import { parseConfigDocument } from '../../../domain/config/parse-document.ts'
import type { ConfigProblem } from '../../../domain/config/problem.ts'
import { renderDocument } from '../../../domain/config/render-document.ts'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'

type Checked = OutputOf<AppContract, 'config.check'>

const ASK_AFTER_MS = 300

const useEngineCheck = (text: string, name: string) =>
  useQuery({
    queryKey: ['config.check', name, text],
    enabled: useIsOpen(),
    queryFn: ({ signal }) => currentClient().call('config.check', { text, name }, { signal }),
    placeholderData: keepPreviousData,
    // What it extends may have changed since.
    staleTime: 0,
    gcTime: 10_000,
  })

/** Problems of a text, and what it makes: what it says by itself at once, all it stands on as soon as the engine knows. */
export const useCheck = (
  text: string,
  name: string,
): {
  readonly problems: readonly ConfigProblem[]
  readonly outcome: Checked | undefined
  readonly isKnown: boolean
  /** Why the engine does not say. */
  readonly error: unknown
} => {
  const deferred = useDeferredValue(text)
  const own = useMemo(() => parseConfigDocument(deferred, `${name}.yaml`).problems, [deferred, name])
  const [settled] = useDebouncedValue(text, ASK_AFTER_MS)
  const { data, isPlaceholderData, error } = useEngineCheck(settled, name)
  const isKnown = settled === text && !isPlaceholderData && data !== undefined
  return { problems: own.length === 0 && isKnown ? data.problems : own, outcome: data, isKnown, error }
}

/** Every value that holds where a profile itself is silent, with its origin. */
export const useInherited = (parent: string | null, name: string): Checked['values'] | undefined =>
  useEngineCheck(renderDocument({ extends: parent, values: {} }), name).data?.values
