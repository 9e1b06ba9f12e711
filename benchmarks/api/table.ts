import type { Measured } from '../gateway/comparison.ts';

/** Targets below one another, with the least and the most of their rounds. */
export function printTable(rows: readonly Measured[]): void {
  console.log('  target     requests/s   (range)             p50 ms    p99 ms   cpu µs/request   failed');
  for (const { name, per_second, per_second_range, p50_ms, p99_ms, cpu_us, failed } of rows) {
    const range = `${Math.round(per_second_range[0])}–${Math.round(per_second_range[1])}`;
    const cpu = cpu_us === undefined ? '–' : cpu_us.toFixed(1);
    console.log(
      `  ${name.padEnd(9)} ${String(Math.round(per_second)).padStart(11)}   ${range.padEnd(15)} ${p50_ms.toFixed(2).padStart(10)} ${p99_ms.toFixed(2).padStart(9)} ${cpu.padStart(16)} ${String(failed).padStart(8)}`,
    );
  }
}
