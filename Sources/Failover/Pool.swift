/// A name whose addresses are chosen.
package struct Pool: Hashable, Sendable {
  package var name: String
  /// The endpoints that may answer, in the order of the configuration.
  package var candidates: [Candidate]
  package var choice: Choice
  package var ttl: TTL
  package var allDown = AllDown.primary
  package var coupling = Coupling.independent
  /// Seconds within which the operator wants a failure to be out of every honest cache; nil: no promise.
  package var recoveryTime: Duration?

  package struct Candidate: Hashable, Sendable {
    /// Index of `FailoverSettings.endpoints`.
    package var endpoint: Int

    package init(endpoint: Int) { self.endpoint = endpoint }
  }

  /// Whole seconds. Fixed where both are the same.
  package struct TTL: Hashable, Sendable {
    package var minimum: Int
    package var maximum: Int

    package init(minimum: Int, maximum: Int) {
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  /// What is answered when nobody is up.
  package enum AllDown: Hashable, Sendable {
    /// By policy, as if all were up: the primary of a failover pool. The default.
    case primary
    /// All addresses of the pool together, of all tiers.
    case all
    /// By policy, as if those were up that were answered last while somebody was.
    case lastGood
    /// These members, of no candidate: a sorry page. A family without any of them is answered NODATA.
    case fixed([Int])
    case noData
    case serverFailure
  }

  /// How the families of one endpoint depend on each other.
  package enum Coupling: Hashable, Sendable {
    case independent
    /// An endpoint that has both families is up in both or in neither.
    case both
    /// IPv6 only while the same endpoint's IPv4 is up.
    case v6WithV4
  }

  package init(name: String, candidates: [Candidate], choice: Choice, ttl: TTL = TTL(minimum: 30, maximum: 30)) {
    self.name = name
    self.candidates = candidates
    self.choice = choice
    self.ttl = ttl
  }

  /// Failover over tiers of equals.
  ///
  /// - Parameter tiers: endpoint indices; earlier tiers are preferred, those of one tier answer together.
  package init(name: String, tiers: [[Int]]) {
    var next = 0
    let branches = tiers.enumerated().map { tier, endpoints in
      let leaves = endpoints.map { _ in
        defer { next += 1 }
        return Choice.Branch(.endpoint(next))
      }
      return Choice.Branch(.set(Choice.Set(id: tier + 1, policy: .all(atMost: nil), leaves)))
    }
    self.init(
      name: name, candidates: tiers.joined().map { Candidate(endpoint: $0) },
      choice: .set(Choice.Set(id: 0, policy: .failover(.immediate), branches)))
  }
}

/// How a pool chooses: a tree whose leaves are endpoints. Nested policies are sets in sets.
package indirect enum Choice: Hashable, Sendable {
  /// Index of the pool's candidates.
  case endpoint(Int)
  case set(Set)

  package struct Set: Hashable, Sendable {
    /// Dense in its pool, the root has 0: where the pool's memory keeps what it needs of the past.
    package var id: Int
    /// Of the group that it comes from; nil: the pool's own, or a tier.
    package var name: String?
    package var policy: Policy
    package var branches: [Branch]
    /// Below it, the set is passed over while another one has enough; where none has, it opens: all its
    /// branches count as up.
    package var floor: Floor?

    package init(id: Int, name: String? = nil, policy: Policy, _ branches: [Branch], floor: Floor? = nil) {
      self.id = id
      self.name = name
      self.policy = policy
      self.branches = branches
      self.floor = floor
    }
  }

  package struct Branch: Hashable, Sendable {
    /// 0 to 1,048,575; of weighted and sticky sets.
    package var weight: Int
    package var choice: Choice

    package init(_ choice: Choice, weight: Int = 1) {
      self.choice = choice
      self.weight = weight
    }
  }

  package enum Floor: Hashable, Sendable {
    case branches(Int)
    /// Of the branches, in thousandths.
    case share(Int)
  }

  package enum Policy: Hashable, Sendable {
    /// The first branch with somebody up.
    case failover(Failback)
    /// All branches that are up together; of more than `atMost` addresses, each query gets as many.
    case all(atMost: Int?)
    /// One branch for each query, with odds by weight; weights of 0 only when nobody else is up.
    case weighted
    /// One branch for each client network, with odds by weight, that stays while it is up.
    case sticky
    /// By the class that the caller's table `table` gives the client: the branches to try, in order.
    /// Class 0 is what is in no network.
    case client(table: Int, order: [[Int]])
    /// The branch with the lowest latency; another one takes over when it is faster by so many
    /// thousandths for so long.
    case fastest(margin: Int, for: Duration)
  }

  /// How a failover set goes back to a branch that is preferred and up again.
  package enum Failback: Hashable, Sendable {
    case immediate
    /// After it has been up for so long without a break.
    case after(Duration)
    /// Only within these times of the week.
    case window([WeekWindow])
    /// When the operator says so.
    case manual
    /// By weight, growing over so long.
    case ramp(Duration)
  }
}

/// A time of the week, in seconds since Monday 00:00 UTC; may run over its end.
package struct WeekWindow: Hashable, Sendable {
  package var start: Int
  package var length: Int

  package init(start: Int, length: Int) {
    self.start = start
    self.length = length
  }
}
