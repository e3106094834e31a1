/* Stands between a program and the time of day: whoever asks is told a time that is off by WRONG_BY seconds. What is
 * only ever compared with itself (timeouts) stays as it is. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t which, struct timespec *time) {
  int told = (int)syscall(SYS_clock_gettime, which, time);
  if (told == 0 && which == CLOCK_REALTIME) time->tv_sec += WRONG_BY;
  return told;
}
