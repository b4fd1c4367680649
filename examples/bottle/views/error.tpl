% rebase("layout.tpl")
<h2>{{status}}</h2>
<p>{{words}}</p>
