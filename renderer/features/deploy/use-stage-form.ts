import type { FormErrors } from '@mantine/form'
import { type FormEvent, type RefObject, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { type PlanDraft, parseDraft, usePlanDraft } from './plan-draft.ts'
import { nextOf, type Stage } from './stages.ts'

type StageForm = {
  readonly draft: PlanDraft
  /** What is wrong on this page, once somebody wanted to go on. */
  readonly errors: FormErrors
  readonly body: RefObject<HTMLFormElement | null>
  submit(event: FormEvent): void
}

/** @param fields what this page is answerable for; the others have pages of their own */
export const useStageForm = (stage: Stage, fields: readonly string[], onLeave?: () => void): StageForm => {
  const [, navigate] = useLocation()
  const draft = usePlanDraft()
  const [wanted, setWanted] = useState(false)
  const body = useRef<HTMLFormElement>(null)
  const all = parseDraft(draft).errors ?? {}
  const own = Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field)))
  return {
    draft,
    errors: wanted ? own : {},
    body,
    submit: (event) => {
      event.preventDefault()
      if (Object.keys(own).length === 0) {
        onLeave?.()
        return navigate(nextOf(draft.target, stage))
      }
      setWanted(true)
      requestAnimationFrame(() => {
        const field = body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
        const folded = field?.closest('details')
        if (folded != null) folded.open = true
        field?.focus()
      })
    },
  }
}
