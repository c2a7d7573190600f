import type { ReactNode } from 'react'
import { Announcer } from './Announcer.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { useConnection } from './connection-store.ts'
import { NavigationRail } from './NavigationRail.tsx'
import css from './Shell.module.css'
import { usePageKeys } from './use-page-keys.ts'

/** The frame around every page. */
export const Shell = ({ children }: { readonly children: ReactNode }) => {
  usePageKeys()
  const status = useConnection((state) => state.status)
  return (
    <div className={css.shell}>
      <button type="button" className={css.skip} onClick={() => document.getElementById('content')?.focus()}>
        Skip to content
      </button>
      <NavigationRail />
      <div className={css.column}>
        <ConnectionBanner />
        <main id="content" className={css.content} tabIndex={-1} data-stale={status === 'lost'}>
          {children}
        </main>
      </div>
      <Announcer />
    </div>
  )
}
