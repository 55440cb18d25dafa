import Glibc

/// A bounded queue from many threads to one that sleeps while it is empty.
///
/// The lock is held only to append one element or to take all of them, so that no sender ever waits
/// for what the receiver does with them.
@safe package final class Mailbox<Element: Sendable>: @unchecked Sendable {
  private let capacity: Int
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var elements: [Element] = []
  private var closed = false

  package init(capacity: Int) {
    self.capacity = capacity
    unsafe pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(lock)
    unsafe changed.deallocate()
    unsafe lock.deallocate()
  }

  /// Appends `element`; false when the box is full or closed.
  package func post(_ element: Element) -> Bool {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    guard !closed, elements.count < capacity else { return false }
    elements.append(element)
    unsafe pthread_cond_signal(changed)
    return true
  }

  /// Takes everything, after sleeping until there is something; nil when the box is closed and empty.
  ///
  /// - Parameter time: how long to sleep at most; what is taken then may be nothing.
  package func take(within time: Duration? = nil) -> [Element]? {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    var deadline = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
    let (seconds, attoseconds) = (time ?? .zero).components
    let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
    deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    while elements.isEmpty && !closed {
      if time == nil {
        unsafe pthread_cond_wait(changed, lock)
      } else if unsafe pthread_cond_timedwait(changed, lock, &deadline) != 0 {
        break
      }
    }
    if elements.isEmpty { return closed ? nil : [] }
    let taken = elements
    elements = []
    return taken
  }

  /// Accepts nothing more; the receiver still gets what is queued.
  package func close() {
    unsafe pthread_mutex_lock(lock)
    closed = true
    unsafe pthread_cond_broadcast(changed)
    unsafe pthread_mutex_unlock(lock)
  }
}
