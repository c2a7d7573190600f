import type { TrafficState } from '../../../contract/app.ts'
import { Facts } from '../../ui/Facts.tsx'
import { renderBytes, renderRate } from '../../ui/format.ts'
import css from './TrafficPanel.module.css'

/** iperf3's closing report of the last run. */
export const TrafficReport = ({ report }: { readonly report: TrafficState['report'] }) => (
  <section className={css.report} aria-label="Last iperf3 report">
    <h3 className={css.reportTitle}>Last report</h3>
    {report === null ? (
      <p className={css.note}>iperf3’s own count of a run appears here when it ends.</p>
    ) : (
      <>
        <Facts
          facts={[
            { name: 'Goodput', value: <strong>{renderRate(report.bitsPerSecond)}</strong> },
            { name: 'Received', value: renderBytes(report.bytes) },
            { name: 'In', value: `${report.seconds.toFixed(1)} s` },
            ...(report.retransmits === null ? [] : [{ name: 'Retransmits', value: report.retransmits }]),
          ]}
        />
        <p className={css.note}>Measured by {report.tool}</p>
      </>
    )}
  </section>
)
