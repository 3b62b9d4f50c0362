/// Where a rising function crosses 0: Newton's steps inside of a bracket that bisection narrows.
enum RisingRoot {
    /// The crossing. `value` returns the function and its slope; both may be infinite or no number far away.
    /// The function has to be below 0 somewhere left and above 0 somewhere right; else an end of the line is returned.
    static func find(from start: Double, _ value: (Double) -> (value: Double, slope: Double)) -> Double {
        guard var (low, high) = bracket(from: start, value) else { return start }
        var place = (low + high) / 2
        var step = high - low
        var lowHeight = value(low).value
        for _ in 0..<300 {
            let (height, slope) = value(place)
            if height == 0 { return place }
            if height < 0 { (low, lowHeight) = (place, height) } else { high = place }
            let newton = height / slope
            let next = place - newton
            let isGood = slope > 0 && newton.isFinite && next > low && next < high && abs(newton) <= abs(step) / 2
            step = isGood ? newton : (high - low) / 2
            let moved = isGood ? next : low + step
            // A jump out of nothing: the crossing lies where no Double is.
            if lowHeight == -.infinity, high - low <= 1e-12 * max(1, abs(low)) { return low }
            if moved == place || abs(step) <= 1e-15 * max(1, abs(moved)) { return moved }
            place = moved
        }
        return place
    }

    private static func bracket(
        from start: Double, _ value: (Double) -> (value: Double, slope: Double)
    ) -> (Double, Double)? {
        let isBelow = value(start).value < 0
        var near = start
        var step = isBelow ? 1.0 : -1.0
        // Logarithms of what a Double can hold lie within 1500 of each other.
        while abs(step) < 4096 {
            let far = near + step
            if (value(far).value < 0) != isBelow { return isBelow ? (near, far) : (far, near) }
            near = far
            step *= 2
        }
        return (near, near)
    }
}
