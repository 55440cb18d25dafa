/// At most one timer for each slot, in a binary heap that knows where each slot stands: setting,
/// moving and removing take log n steps, and nothing is allocated after the start.
package struct TimerHeap {
  private var times: [Instant]
  /// Slots, the earliest first.
  private var heap: [Int] = []
  /// Where a slot stands in `heap`; −1: it has no timer.
  private var positions: [Int]

  package init(slots: Int) {
    times = Array(repeating: Instant(nanoseconds: 0), count: slots)
    positions = Array(repeating: -1, count: slots)
    heap.reserveCapacity(slots)
  }

  package var first: (slot: Int, at: Instant)? { heap.first.map { ($0, times[$0]) } }

  package subscript(slot: Int) -> Instant? { positions[slot] < 0 ? nil : times[slot] }

  /// Sets or moves the slot's timer.
  package mutating func set(_ slot: Int, at time: Instant) {
    if positions[slot] < 0 {
      positions[slot] = heap.count
      heap.append(slot)
    }
    times[slot] = time
    sink(rise(positions[slot]))
  }

  package mutating func remove(_ slot: Int) {
    let position = positions[slot]
    guard position >= 0 else { return }
    swap(position, heap.count - 1)
    heap.removeLast()
    positions[slot] = -1
    if position < heap.count { sink(rise(position)) }
  }

  private mutating func rise(_ start: Int) -> Int {
    var position = start
    while position > 0, times[heap[position]] < times[heap[(position - 1) / 2]] {
      swap(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
    return position
  }

  private mutating func sink(_ start: Int) {
    var position = start
    while true {
      var least = position
      for child in 2 * position + 1...2 * position + 2
      where child < heap.count && times[heap[child]] < times[heap[least]] { least = child }
      if least == position { return }
      swap(position, least)
      position = least
    }
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    heap.swapAt(a, b)
    positions[heap[a]] = a
    positions[heap[b]] = b
  }
}
