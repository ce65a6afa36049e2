import createClient from "openapi-fetch";
import type { paths } from "./api.js";

// The main job through a generated client: start a sitting, follow it to its end, read what is remembered, and meet a
// problem.
declare const process: { argv: string[] };
const heat = createClient<paths>({ baseUrl: process.argv[2] });

const { data: begun } = await heat.POST("/warmup/{session_id}", { params: { path: { session_id: "alice" } } });
if (!begun) throw new Error("no sitting began");
const named = { params: { path: { run_id: begun.run_id } } };
let { data: run } = await heat.GET("/warmups/{run_id}", named);
while (run?.status === "running") ({ data: run } = await heat.GET("/warmups/{run_id}", named));
const { data: past } = await heat.GET("/sessions/{session_id}/history", {
  params: { path: { session_id: "alice" }, query: { days: 1 } },
});
if (!run || !past) throw new Error("nothing is remembered");
console.log(`run ${run.run_id} ${run.status} planned ${begun.action_plan.length} done ${run.execution_summary.successful_actions}`);
console.log(`remembered ${past.summary.total_actions} newest ${past.history[0]?.action_type}`);
const { error } = await heat.DELETE("/warmups/{run_id}", named);
if (error) console.log(`problem ${error.type} ${error.status}`);
