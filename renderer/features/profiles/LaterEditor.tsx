import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ComponentProps } from 'react'
import { MoleError } from '../../../contract/errors.ts'
import { useIsOpen } from '../../app/connection-store.ts'
import { AskAgainNote } from '../../ui/AskAgainNote.tsx'
import type { YamlEditor } from './YamlEditor.tsx'

/** @throws MoleError `engine-unreachable` where its code does not come */
const loadEditor = () =>
  import('./YamlEditor.tsx').catch((cause: unknown) => {
    const data = {
      meaning:
        'The engine does not answer, or Cloud Mole was replaced while this page was open. What you changed is still here.',
      nextStep: 'Try again once the panel is connected. If it still does not come, save, then reload the page.',
    }
    throw new MoleError('engine-unreachable', 'The text editor could not be loaded.', data, { cause })
  })

/** The text editor: a fifth of the panel's code, so only who opens it pays for it. The engine may be away by then. */
export const LaterEditor = (props: ComponentProps<typeof YamlEditor>) => {
  const code = useQuery({
    queryKey: ['yaml-editor'],
    queryFn: loadEditor,
    // Browsers before Chromium 156 keep an import that failed until the page is reloaded: none is begun in vain.
    enabled: useIsOpen(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // A module is not data to be compared.
    structuralSharing: false,
  })
  if (code.data !== undefined) return <code.data.YamlEditor {...props} />
  if (code.error !== null) return <AskAgainNote query={code} label="Try again" />
  return <Skeleton height={360} radius="sm" aria-busy="true" />
}
