// What a run tells of itself: a line of `key=value` words for each event, by one `write` each.
#ifndef RVX_TRAIN_REPORT_H
#define RVX_TRAIN_REPORT_H

#include "update.h"
#include "workload.h"

void report_start(const struct network *net);
void report_step(uint32_t epoch, uint32_t step, real loss);
void report_epoch(uint32_t epoch, uint32_t steps, real loss, struct score held,
                  const struct update *by);
void report_end(const struct network *net, const struct update *by);

#endif
