// Sets two runs of the workloads beside each other, as ratios of medians: how many times faster the first one is.
//
//   cargo bench -q -p sfn-core --bench workloads > ours.json
//   node library.mjs > theirs.json            (in a folder where aws-local-stepfunctions is installed)
//   node sfn-core/benches/compare.mjs ours.json theirs.json
import fs from 'node:fs';

const [ours, theirs] = process.argv.slice(2, 4).map((file) => JSON.parse(fs.readFileSync(file, 'utf8')));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const seconds = {
  'parse and validate': (run) => run.parse_validate_ms / 1e3,
  'one Pass': (run) => run.b_pass_ms.p50_ms / 1e3,
  'ten Pass, one execution': (run) => 1 / median(run.c_tput.map((row) => row.exec_per_s)),
  'Map of 1,000': (run) => run.d_map_1000.median_s,
  'Map of 10,000': (run) => run.d_map_10000.median_s,
  'loop of 1,000, MathAdd': (run) => run.e_loop_mathadd.median_s,
  'loop of 1,000, JSONata': (run) => run.e_loop_jsonata.ms / 1e3,
  'JSONata over 500 orders': (run) => run.f_jsonata_heavy.ms / 1e3,
};
const show = (value) => (Number.isFinite(value) ? value.toPrecision(3) : 'n');
console.log('| workload | ours, s | theirs, s | times |\n| --- | --- | --- | --- |');
for (const [name, read] of Object.entries(seconds)) {
  const [a, b] = [ours, theirs].map((run) => {
    try {
      return read(run);
    } catch {
      return NaN;
    }
  });
  console.log(`| ${name} | ${show(a)} | ${show(b)} | ${show(b / a)} |`);
}
const loops = ours.e_loop_jsonata.median_s / ours.e_loop_mathadd.median_s;
console.log(`\nour JSONata loop takes ${show(loops)} times as long as our MathAdd loop`);
