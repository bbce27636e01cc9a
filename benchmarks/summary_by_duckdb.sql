-- The summary of plain order lines; {source}, {window} and {young} are filled in.
WITH lines AS (
    SELECT customer_id, date - DATE '1970-01-01' AS day, category, CAST(round(amount * 10000) AS BIGINT) AS amount,
        CAST(round(cost * 10000) AS BIGINT) AS cost
    FROM {source}
), bounds AS (SELECT max(day) AS last FROM lines
), days AS (
    SELECT customer_id, day, sum(amount) AS net FROM lines GROUP BY ALL HAVING max(amount) >= 0
), gaps AS (
    SELECT *, day - lag(day) OVER own AS gap, row_number() OVER own AS place, count(*) OVER (PARTITION BY customer_id) AS orders
    FROM days WINDOW own AS (PARTITION BY customer_id ORDER BY day)
), purchases AS (
    SELECT customer_id, count(*) AS orders, min(day) AS first_purchase, min(day) FILTER (place = 2) AS second_purchase,
        max(day) AS last_purchase, max(gap) FILTER (place = orders) AS last_gap, max(net) FILTER (place = 1) AS first_basket,
        sum(net) AS spent, count(*) FILTER (day > last - {window}) AS orders_window,
        count(*) FILTER (day BETWEEN last - 2 * {window} + 1 AND last - {window}) AS orders_before,
        CASE WHEN count(*) >= 4 THEN stddev_samp(gap) / avg(gap) END AS gap_variation,
        floor(avg(net) FILTER (place > orders - 3) + 0.5) AS basket
    FROM gaps, bounds GROUP BY customer_id
), marked AS (
    SELECT lines.*, amount - cost AS profit, greatest(amount, 0) AS sold, day > last - {window} AS late,
        day BETWEEN last - 2 * {window} + 1 AND last - {window} AS before,
        coalesce(day BETWEEN last_purchase - {window} + 1 AND last_purchase, false) AS own
    FROM lines CROSS JOIN bounds LEFT JOIN purchases USING (customer_id)
), sums AS (
    SELECT customer_id, count(*) AS rows, sum(amount) AS revenue, sum(cost) AS cost, sum(profit) AS gross_profit,
        coalesce(sum(amount) FILTER (late), 0) AS revenue_late, coalesce(sum(amount) FILTER (before), 0) AS revenue_before,
        coalesce(sum(amount) FILTER (own), 0) AS revenue_last_window, count(*) FILTER (late) AS rows_window,
        sum(profit) FILTER (late) AS profit_late, sum(profit) FILTER (before) AS profit_before,
        sum(profit) FILTER (own) AS customer_profit_last_window, sum(sold) AS sold,
        sum(sold) FILTER (late) AS sold_late, sum(sold) FILTER (before) AS sold_before
    FROM marked GROUP BY customer_id
), each AS (
    SELECT customer_id, category, sum(amount) AS revenue, bool_or(late AND amount >= 0) AS late,
        bool_or(before AND amount >= 0) AS before
    FROM marked GROUP BY customer_id, category
), categories AS (
    SELECT customer_id, count(*) FILTER (late) AS breadth, count(*) FILTER (before) AS categories_before,
        count(*) FILTER (before AND NOT late) AS categories_lost, max(revenue) AS top, sum(revenue) AS whole
    FROM each GROUP BY customer_id
), merged AS (
    SELECT * EXCLUDE (last), last - first_purchase AS tenure, last - last_purchase AS recency
    FROM sums LEFT JOIN purchases USING (customer_id) LEFT JOIN categories USING (customer_id) CROSS JOIN bounds
), market AS (
    SELECT sum(revenue_late)::DOUBLE AS market_late, sum(revenue_before)::DOUBLE AS market_before
    FROM merged WHERE tenure >= {window}
), growing AS (
    SELECT *, tenure >= {young} AND revenue_late >= 0 AND revenue_before >= 0 AND revenue_late + revenue_before > 0 AS known,
        revenue_late::DOUBLE * market_before AS mine, revenue_before::DOUBLE * market_late AS theirs
    FROM merged, market
)
SELECT customer_id, coalesce(orders, 0)::BIGINT AS orders, first_purchase::BIGINT AS first_purchase,
    second_purchase::BIGINT AS second_purchase, last_purchase::BIGINT AS last_purchase, last_gap::BIGINT AS last_gap,
    first_basket::BIGINT AS first_basket, spent::BIGINT AS spent, coalesce(orders_window, 0)::BIGINT AS orders_window,
    orders_window::BIGINT AS orders_late, orders_before::BIGINT AS orders_before, gap_variation,
    basket::BIGINT AS basket, rows::BIGINT AS rows, revenue::BIGINT AS revenue, revenue_late::BIGINT AS revenue_window,
    revenue_last_window::BIGINT AS revenue_last_window, revenue_before::BIGINT AS revenue_before,
    rows_window::BIGINT AS rows_window, cost::BIGINT AS cost, gross_profit::BIGINT AS gross_profit,
    profit_before::BIGINT AS profit_before, revenue_late::BIGINT AS revenue_late, profit_late::BIGINT AS profit_late,
    CASE WHEN sold > 0 THEN (sold - revenue) / sold END AS return_share,
    CASE WHEN sold_late > 0 AND sold_before > 0
        THEN (sold_late - revenue_late) / sold_late - (sold_before - revenue_before) / sold_before END AS return_share_change,
    nullif(breadth, 0)::BIGINT AS breadth, categories_before::BIGINT AS categories_before,
    categories_lost::BIGINT AS categories_lost, CASE WHEN whole > 0 THEN top / whole END AS top_category_share,
    gross_profit::BIGINT AS customer_profit, profit_late::BIGINT AS customer_profit_window,
    customer_profit_last_window::BIGINT AS customer_profit_last_window, profit_late::BIGINT AS customer_profit_late,
    false AS internal, true AS in_base, false AS prospect, false AS open_matters, tenure::BIGINT AS tenure,
    recency::BIGINT AS recency,
    CASE WHEN orders_before >= 3 AND categories_before > 0 THEN categories_lost / categories_before END AS category_loss,
    CASE WHEN known THEN (revenue_late - revenue_before) * 2 / (revenue_late + revenue_before) END AS growth,
    CASE WHEN known THEN (mine - theirs) * 2 / (mine + theirs) END AS relative_growth
FROM growing ORDER BY customer_id
