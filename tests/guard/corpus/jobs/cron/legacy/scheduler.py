import heapq
import time


class Scheduler:
    def __init__(self):
        self.heap = []

    def schedule_job(self, name, seconds, callback):
        heapq.heappush(self.heap, (time.time() + seconds, name, seconds, callback))

    def cancel_job(self, name):
        self.heap = [entry for entry in self.heap if entry[1] != name]
        heapq.heapify(self.heap)

    def run_pending(self):
        while self.heap and self.heap[0][0] <= time.time():
            _, name, seconds, callback = heapq.heappop(self.heap)
            callback()
            self.schedule_job(name, seconds, callback)
